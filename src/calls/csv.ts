import type { Call } from './call.ts';

export const CSV_HEADER =
  'sid,parent_sid,direction,from,to,status,started_at,ended_at,duration_seconds,price,currency\r\n';

/**
 * Calls as lines of CSV (RFC 4180): times in ISO 8601, UTC; the price as Twilio gives it, a negative number. A choice: no
 * byte order mark before it, which Excel likes, but which many programs take for a part of the first name.
 */
export function toCsv(calls: readonly Call[]): string {
  let lines = '';
  for (const call of calls) {
    const { sid, parentSid, direction, from, to, status, price, currency } = call;
    lines += `${field(sid)},${field(parentSid)},${field(direction)},${field(from)},${field(to)},${field(status)},`;
    lines += `${time(call.startedAt)},${time(call.endedAt)},${call.durationSeconds ?? ''},`;
    lines += `${field(price)},${field(currency)}\r\n`;
  }
  return lines;
}

const NUMBER = /^[+-]?\d+(\.\d+)?$/;
// What begins a formula, also in the full width of East Asian writing, where a cell may begin: some spreadsheets split at
// ; and tabs, even within quotes. And what they skip before they look at all.
const FORMULA = /(?=[=+\-@＝＋－＠])(?<=(?:^|[\t\r\n;])"*)|^(?=[\t\r\n])/g;

/**
 * Whoever calls may write into `from` what they like, also a formula that a spreadsheet would run. An apostrophe before
 * it makes it a text. Numbers stay as they are: +15551234567 and -0.0085 are no formulas.
 */
function field(value: string | null): string {
  if (value === null) return '';
  const text = NUMBER.test(value) ? value : value.replace(FORMULA, "'");
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function time(date: Date | null): string {
  return date?.toISOString() ?? '';
}
