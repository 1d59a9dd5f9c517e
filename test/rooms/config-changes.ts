// Ways to spoil a good configuration for the tests of its parser. Changes a clone in place; checks nothing itself.

/** Spoils a configuration in place. */
export type Change = (config: unknown) => void;
type Holder = Record<string, unknown>;
/** Puts a value at "targets.0.every"; undefined takes the key away. */
export const set =
  (path: string, value: unknown): Change =>
  (config) => {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const holder = steps.reduce((one, step) => one[step] as Holder, config as Holder);
    if (value === undefined) delete holder[last];
    else holder[last] = value;
  };
export const drop = (path: string): Change => set(path, undefined);
const within =
  (path: string) =>
  (values: Holder): Change =>
  (config) => {
    for (const [key, value] of Object.entries(values)) set(path + key, value)(config);
  };
/** Puts several values into the first target, the objectives, or anywhere. */
export const chat = within("targets.0.");
export const goals = within("objectives.");
export const top = within("");
