import { type SessionData, Store } from 'express-session';
import type { Db } from './database/database.ts';
import { endSession, readSession, writeSession } from './database/sessions.ts';

/** express-session's store on our own database. It has no `touch`, which would write on every request. */
export class DbSessionStore extends Store {
  readonly #db: Db;
  readonly #now: () => number;
  readonly #lifetimeMs: number;

  constructor(db: Db, now: () => number, lifetimeMs: number) {
    super();
    this.#db = db;
    this.#now = now;
    this.#lifetimeMs = lifetimeMs;
  }

  override get(sid: string, done: (error: unknown, session?: SessionData | null) => void): void {
    const read = readSession(this.#db, sid, this.#now());
    settle(read.then(parse), done);
  }

  override set(
    sid: string,
    session: SessionData,
    done: (error?: unknown) => void = () => {},
  ): void {
    const expiresAt = this.#now() + this.#lifetimeMs;
    settle(writeSession(this.#db, { sid, data: JSON.stringify(session), expiresAt }), done);
  }

  override destroy(sid: string, done: (error?: unknown) => void = () => {}): void {
    settle(endSession(this.#db, sid), done);
  }
}

// A row that somebody has spoilt is no session: its owner signs in again.
function parse(data: string | undefined): SessionData | null {
  try {
    return data === undefined ? null : JSON.parse(data);
  } catch {
    return null;
  }
}

// By setImmediate: an error thrown in `done` must not look like a failed query.
function settle<T>(promise: Promise<T>, done: (error: unknown, value?: T) => void): void {
  promise.then(
    (value) => setImmediate(done, null, value),
    (error) => setImmediate(done, error),
  );
}
