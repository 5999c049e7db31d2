import { TwilioUnreachable } from './explain-error.ts';

/**
 * Waits for `work` until the time `until` (by performance.now(), which nobody sets), whatever retries are still going on
 * then.
 * @throws TwilioUnreachable when the time is over
 */
export async function withDeadline<T>(until: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const giveUp = () => reject(new TwilioUnreachable('no answer in time'));
    timer = setTimeout(giveUp, Math.max(0, until - performance.now()));
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
