import type { Source } from './call-totals.ts';
import type { Db } from './database.ts';

/** What all processes of the app know of the reading of an account. */
export interface Scan {
  /** running: some process is at it. stopped: by the visitor, until they go on. */
  status: 'running' | 'stopped' | 'failed';
  /** When it began, by the app's clock. */
  askedAt: number;
  /** Failed: Twilio's HTTP status, 0 where it gave no usable answer, null where the fault is ours. */
  twilioStatus: number | null;
}

/**
 * The right to read an account, of one process at a time. It ends by itself where its holder has stopped renewing it,
 * so that one that was killed keeps nobody out for long.
 */
export interface Lease extends Source {
  /** Any text that no other lease has. */
  holder: string;
}

const OF_SOURCE = 'connection_id = $1 and account_sid = $2 and connected_at = $3';
const OURS = `connection_id = $1 and account_sid = $2 and holder = $3 and status = 'running'`;
const FOR_EVER = Number.MAX_SAFE_INTEGER;
/** So far the clocks of two machines may be apart. */
const CLOCKS_APART_MS = 60_000;

/** Undefined if nobody reads the account, or what became of the last reading is over. */
export async function findScan(db: Db, source: Source, now: number): Promise<Scan | undefined> {
  const [row] = await db.query<Scan>(
    `select status, asked_at as "askedAt", twilio_status as "twilioStatus" from scans
     where ${OF_SOURCE} and expires_at > $4`,
    [...sourceParams(source), now],
  );
  return row;
}

/**
 * One statement, so that of two processes only one gets it. False if there is a scan already, running or not. A lease
 * that seems to go on for longer than any does is from before the clock was set back.
 */
export async function takeLease(
  db: Db,
  lease: Lease,
  { now, until }: { now: number; until: number },
): Promise<boolean> {
  const rows = await db.query(
    `insert into scans (connection_id, account_sid, connected_at, holder, status, asked_at, expires_at)
     values ($1, $2, $3, $4, 'running', $5, $6)
     on conflict (connection_id, account_sid) do update set
       connected_at = excluded.connected_at, holder = excluded.holder, status = excluded.status,
       twilio_status = null, asked_at = excluded.asked_at, expires_at = excluded.expires_at
     where scans.expires_at <= excluded.asked_at or scans.connected_at < excluded.connected_at
       or (scans.status = 'running' and scans.expires_at > $7)
     returning holder`,
    [...sourceParams(lease), lease.holder, now, until, until + CLOCKS_APART_MS],
  );
  return rows.length > 0;
}

/** False if it is ours no more: the visitor stopped the scan, the connection ended, or it was not renewed in time. */
export async function renewLease(db: Db, lease: Lease, until: number): Promise<boolean> {
  const sql = `update scans set expires_at = $4 where ${OURS} returning holder`;
  return (await db.query(sql, [...leaseParams(lease), until])).length > 0;
}

/** Nothing is left to read, or another process may go on. */
export async function returnLease(db: Db, lease: Lease): Promise<void> {
  await db.query(`delete from scans where ${OURS}`, leaseParams(lease));
}

/** The scan is over, and until that time no other begins by itself. */
export async function markFailed(
  db: Db,
  lease: Lease,
  { twilioStatus, until }: { twilioStatus: number | null; until: number },
): Promise<void> {
  await db.query(
    `update scans set status = 'failed', twilio_status = $4, expires_at = $5 where ${OURS}`,
    [...leaseParams(lease), twilioStatus, until],
  );
}

/** Whoever reads the account is not to go on. */
export async function stopScan(db: Db, source: Source): Promise<void> {
  await db.query(
    `update scans set status = 'stopped', expires_at = $4 where ${OF_SOURCE} and status = 'running'`,
    [...sourceParams(source), FOR_EVER],
  );
}

/** After a stop or a failure a scan may begin at once. */
export async function allowScan(db: Db, source: Source): Promise<void> {
  const sql = `delete from scans where ${OF_SOURCE} and status <> 'running'`;
  await db.query(sql, sourceParams(source));
}

function sourceParams({ connectionId, accountSid, connectedAt }: Source) {
  return [connectionId, accountSid, connectedAt];
}

function leaseParams({ connectionId, accountSid, holder }: Lease) {
  return [connectionId, accountSid, holder];
}
