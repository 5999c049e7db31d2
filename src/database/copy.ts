import { StartError } from '../errors.ts';
import type { Db, Param } from './database.ts';
import { TABLES } from './migrations.ts';

type Row = Record<string, Param>;
type Side = Pick<Db, 'dialect' | 'query'>;

const ROWS_AT_ONCE = 200;

/**
 * Copies every row of `from` into `to`, or nothing. Ids stay as they are, and new ones go on after the last that was
 * given. Says how many rows each table had.
 * @throws StartError if `to` is not empty, or others write to it meanwhile
 */
export async function copyDatabase(from: Db, to: Db): Promise<Map<string, number>> {
  return from.transaction(({ query: read }) =>
    to.transaction(({ query: write }) =>
      copy({ dialect: from.dialect, query: read }, { dialect: to.dialect, query: write }),
    ),
  );
}

async function copy(source: Side, target: Side): Promise<Map<string, number>> {
  for (const statement of source.dialect.snapshot) await source.query(statement);
  for (const table of Object.keys(TABLES)) await refuseRows(target, table);
  const counts = new Map<string, number>();
  for (const [table, key] of Object.entries(TABLES)) {
    for await (const rows of batches(source, table, key)) await insert(target, table, rows);
    if (key[0] === 'id') await goOnCounting(source, target, table);
    counts.set(table, await checkCount(source, target, table));
  }
  return counts;
}

async function refuseRows(target: Side, table: string): Promise<void> {
  const count = await countRows(target, table);
  if (count > 0) throw new StartError(`TO is not empty (${table}: ${count}); name a new database.`);
}

/** A table's rows, some at a time: nobody knows how many there are. */
async function* batches(
  source: Side,
  table: string,
  key: readonly string[],
): AsyncGenerator<Row[]> {
  const columns = key.join(', ');
  let last: Param[] = [];
  for (;;) {
    const beyond = last.length > 0 ? `where (${columns}) > (${placeholders(1, key.length)})` : '';
    const sql = `select * from ${table} ${beyond} order by ${columns} limit ${ROWS_AT_ONCE}`;
    const rows = await source.query<Row>(sql, last);
    const end = rows.at(-1);
    if (!end) return;
    yield rows;
    last = key.map((column) => end[column] ?? null);
  }
}

async function insert(target: Side, table: string, rows: Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map((_, n) => `(${placeholders(n * columns.length + 1, columns.length)})`);
  await target.query(
    `insert into ${table} (${columns.join(', ')}) values ${values.join(', ')}`,
    rows.flatMap((row) => columns.map((column) => row[column] ?? null)),
  );
}

function placeholders(first: number, count: number): string {
  return Array.from({ length: count }, (_, n) => `$${first + n}`).join(', ');
}

async function goOnCounting(source: Side, target: Side, table: string): Promise<void> {
  const [row] = await source.query<{ last: number | null }>(source.dialect.lastId(table));
  const statements = row?.last ? target.dialect.setLastId(table, row.last) : [];
  for (const statement of statements) await target.query(statement);
}

async function checkCount(source: Side, target: Side, table: string): Promise<number> {
  const [expected, found] = [await countRows(source, table), await countRows(target, table)];
  if (expected === found) return found;
  throw new StartError(
    `FROM has ${expected} rows in ${table}, and TO would have ${found}: stop whatever else uses TO.`,
  );
}

async function countRows({ query }: Side, table: string): Promise<number> {
  const [row] = await query<{ count: number }>(`select count(*) as count from ${table}`);
  return row?.count ?? 0;
}
