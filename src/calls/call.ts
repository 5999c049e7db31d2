import type { CallInstance } from 'twilio/lib/rest/api/v2010/account/call.js';

/** A call as this app knows it. Null: Twilio does not say, or does not say yet. */
export interface Call {
  sid: string;
  direction: string | null;
  from: string | null;
  to: string | null;
  status: string;
  /** Null until the call has been dialed. */
  startedAt: Date | null;
  durationSeconds: number | null;
  /** As Twilio gives it, a negative number in a string; it may come some time after the call. */
  price: string | null;
  currency: string | null;
}

/** https://www.twilio.com/docs/voice/api/call-resource#call-properties; Twilio writes "nothing" as null or as "". */
export function toCall(call: CallInstance): Call {
  return {
    sid: call.sid,
    direction: text(call.direction),
    from: text(call.from),
    to: text(call.to),
    status: call.status,
    startedAt: date(call.startTime),
    durationSeconds: text(call.duration) === null ? null : Number(call.duration),
    price: text(call.price),
    currency: text(call.priceUnit),
  };
}

function text(value: string | null | undefined): string | null {
  return value || null;
}

function date(value: unknown): Date | null {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value : null;
}
