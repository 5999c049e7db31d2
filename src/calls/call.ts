/** A call as this app knows it. Null: Twilio does not say, or does not say yet. */
export interface Call {
  sid: string;
  /** The call that this one is a leg of. */
  parentSid: string | null;
  direction: string | null;
  from: string | null;
  to: string | null;
  status: string;
  /** Null until the call has been dialed. */
  startedAt: Date | null;
  endedAt: Date | null;
  durationSeconds: number | null;
  /** As Twilio gives it, a negative number in a string; it may come some time after the call. */
  price: string | null;
  currency: string | null;
}

type Text = string | null | undefined;

/** What we take of a call, under the SDK's names. Its CallInstance is one; times may also be the API's own texts. */
interface CallFields {
  sid: string;
  parentCallSid: Text;
  direction: Text;
  from: Text;
  to: Text;
  status: string;
  startTime: Date | Text;
  endTime: Date | Text;
  duration: Text;
  price: Text;
  priceUnit: Text;
}

/** https://www.twilio.com/docs/voice/api/call-resource#call-properties; Twilio writes "nothing" as null or as "". */
export function toCall(call: CallFields): Call {
  return {
    sid: call.sid,
    parentSid: text(call.parentCallSid),
    direction: text(call.direction),
    from: party(call.from),
    to: party(call.to),
    status: call.status,
    startedAt: date(call.startTime),
    endedAt: date(call.endTime),
    durationSeconds: text(call.duration) === null ? null : Number(call.duration),
    price: text(call.price),
    currency: text(call.priceUnit),
  };
}

/** The same from the API's JSON, where the SDK has not made an instance of it. */
export function jsonToCall(json: Record<string, string>): Call {
  return toCall({
    sid: String(json.sid),
    parentCallSid: json.parent_call_sid,
    direction: json.direction,
    from: json.from,
    to: json.to,
    status: String(json.status),
    startTime: json.start_time,
    endTime: json.end_time,
    duration: json.duration,
    price: json.price,
    priceUnit: json.price_unit,
  });
}

// A choice: a caller may write into `from` what a terminal would obey. Line ends and tabs are text like any other.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

function party(value: Text): string | null {
  return value?.replace(CONTROLS, '\ufffd') || null;
}

function text(value: Text): string | null {
  return value || null;
}

/** RFC 2822, as in `Fri, 18 Oct 2019 17:02:00 +0000`. */
function date(value: Date | Text): Date | null {
  if (!value) return null;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? null : time;
}
