// Counts what the databases would bill: rows read and written, as D1 and a Durable Object's SQLite themselves report them.
// Wraps a binding; what goes through it behaves as before. Bench only.

export interface Rows {
  read: number;
  written: number;
}

/** Reads are asked a second time with `all`, since the raw form that Drizzle uses says nothing of rows. */
export function countedD1(real: D1Database, rows: Rows): D1Database {
  const note = ({ meta }: D1Result): void => {
    rows.read += meta.rows_read;
    rows.written += meta.rows_written;
  };
  const inner = new WeakMap<object, D1PreparedStatement>();
  const wrapped = (statement: D1PreparedStatement): D1PreparedStatement => {
    const outer = {
      bind: (...values: unknown[]) => wrapped(statement.bind(...values)),
      async raw(...options: never[]) {
        note(await statement.all());
        return statement.raw(...options);
      },
      async run() {
        const result = await statement.run();
        note(result);
        return result;
      },
      async all() {
        const result = await statement.all();
        note(result);
        return result;
      },
    } as unknown as D1PreparedStatement;
    inner.set(outer, statement);
    return outer;
  };
  return {
    prepare: (query: string) => wrapped(real.prepare(query)),
    async batch(statements: D1PreparedStatement[]) {
      const results = await real.batch(statements.map((statement) => inner.get(statement) ?? statement));
      results.forEach(note);
      return results;
    },
  } as unknown as D1Database;
}

/** `rows()`: of all statements since the last call. */
export function countedStorage(real: DurableObjectStorage): { storage: DurableObjectStorage; rows(): Rows } {
  let cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  const exec = (query: string, ...values: unknown[]) => {
    const cursor = real.sql.exec(query, ...values);
    cursors.push(cursor);
    return cursor;
  };
  const storage = {
    sql: { exec },
    transactionSync: real.transactionSync.bind(real),
  } as unknown as DurableObjectStorage;
  return {
    storage,
    rows() {
      const sum = { read: 0, written: 0 };
      for (const cursor of cursors) {
        sum.read += cursor.rowsRead;
        sum.written += cursor.rowsWritten;
      }
      cursors = [];
      return sum;
    },
  };
}
