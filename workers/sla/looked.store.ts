// When the judge last looked at a closed period, and what its report was made of then, in the object's own storage. Lost with
// the object, each period is looked at once more, and what says the same is not written again.

export interface Looked {
  readonly madeOf: string;
  readonly at: number;
}

export type LookedStore = ReturnType<typeof lookedStore>;

export function lookedStore(storage: DurableObjectStorage) {
  const keyOf = (contract: string, period: string): string => `looked:${contract}:${period}`;
  return {
    /** Undefined: not since this object has its storage. */
    get: (contract: string, period: string): Promise<Looked | undefined> =>
      storage.get<Looked>(keyOf(contract, period)),
    put: (contract: string, period: string, looked: Looked): Promise<void> =>
      storage.put(keyOf(contract, period), looked),
  };
}
