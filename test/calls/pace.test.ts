import { beforeEach, expect, test } from '@jest/globals';
import { createPace, type Pace, type Ticket } from '../../src/calls/pace.ts';

let time: number;
let pace: Pace;
beforeEach(() => {
  time = 0;
  pace = createPace(() => time);
});

/** Sends as many requests as may go out. */
function fill(): Ticket[] {
  const tickets: Ticket[] = [];
  while (pace.isFree()) tickets.push(pace.start());
  return tickets;
}

function succeed(tickets: Ticket[]): void {
  for (const ticket of tickets) ticket.succeeded();
}

test('eight requests go out at once, and one more for each that comes back', () => {
  const tickets = fill();
  expect(tickets).toHaveLength(8);
  tickets[0]?.succeeded();
  expect(fill()).toHaveLength(1);
});

test('a 429 halves them, once for all that were on the way together', () => {
  const tickets = fill();
  for (const ticket of tickets) ticket.throttled(0);
  const half = fill();
  expect(half).toHaveLength(4);
  half[0]?.throttled(0);
  succeed(half.slice(1));
  expect(fill()).toHaveLength(2);
});

test('one request always remains', () => {
  for (let n = 0; n < 6; n++) for (const ticket of fill()) ticket.throttled(0);
  expect(fill()).toHaveLength(1);
});

test('good answers bring them back slowly, up to eight', () => {
  for (const ticket of fill()) ticket.throttled(0);
  const counts = Array.from({ length: 11 }, () => {
    const tickets = fill();
    succeed(tickets);
    return tickets.length;
  });
  expect(counts).toEqual([4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 8]);
});

test('nothing goes out before the longest wait is over', () => {
  const [first, second] = fill();
  first?.throttled(1000);
  second?.failed(200);
  time = 999;
  expect(pace.isFree()).toBe(false);
  expect(pace.pauseLeft()).toBe(1);
  time = 1000;
  expect(pace.pauseLeft()).toBe(0);
  // Six of the eight are still on the way, more than the four that may be.
  expect(pace.isFree()).toBe(false);
});

test('a failure that is no 429 halves nothing', () => {
  for (const ticket of fill()) ticket.failed(0);
  expect(fill()).toHaveLength(8);
});
