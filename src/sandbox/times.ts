const { floor } = Math; // as in seed.ts

export const DAY_MS = 86_400_000;

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const ZONES: Record<string, string> = {
  UTC: 'Z',
  GMT: 'Z',
  EST: '-05:00',
  EDT: '-04:00',
  CST: '-06:00',
  CDT: '-05:00',
  MST: '-07:00',
  MDT: '-06:00',
  PST: '-08:00',
  PDT: '-07:00',
};

const AMERICAN_DAY = /^(\d\d)\/(\d\d)\/(\d{4})/;
const RFC_2822_DAY = /^(?:[A-Z][a-z]{2}, )?(\d\d) ([A-Z][a-z]{2}) (\d{4})/;
const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|GMT|[ECMP][SD]T|[+-]\d\d:?\d\d)?)?$/;

/** Midnight of a time's day, UTC. */
export function startOfDay(time: number): number {
  return floor(time / DAY_MS) * DAY_MS;
}

/**
 * Reads a time as Twilio's filters take it: a day, which means its midnight, or a day and a clock time. UTC, unless
 * it says otherwise. `2019-06-11`, `2019-06-11T22:05:25Z`, `2019-06-11 22:05:25.000`, `06/11/2019 22:05:25 MST`, or as
 * the API itself writes it. Undefined for anything else, and for a day that no calendar has.
 */
export function parseTime(text: string): number | undefined {
  const iso = text
    .replace(AMERICAN_DAY, '$3-$1-$2')
    .replace(
      RFC_2822_DAY,
      (_, day, month, year) => `${year}-${twoDigits(MONTHS.indexOf(month) + 1)}-${day}`,
    );
  const [, day, clock = '00:00', zone = 'Z'] = TIME.exec(iso) ?? [];
  const midnight = new Date(`${day}T00:00:00Z`);
  // JavaScript reads 30 February as 1 or 2 March.
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) {
    return undefined;
  }
  const time = Date.parse(`${day}T${clock}${ZONES[zone] ?? zone}`);
  return Number.isNaN(time) ? undefined : time;
}

let [lastDay, lastDayText] = [Number.NaN, ''];

/** `Fri, 18 Oct 2019 17:02:00 +0000`. Most calls of a page are of one day, so its name is kept for the next. */
export function rfc2822(time: number): string {
  const day = startOfDay(time);
  if (day !== lastDay) {
    lastDay = day;
    lastDayText = new Date(day).toUTCString().slice(0, 17);
  }
  const seconds = floor((time - day) / 1000);
  const [hour, minute] = [floor(seconds / 3600), floor(seconds / 60) % 60];
  return `${lastDayText}${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(seconds % 60)} +0000`;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}
