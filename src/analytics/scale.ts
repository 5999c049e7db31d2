export interface Scale {
  top: number;
  /** From 0 to `top`, both included. */
  ticks: number[];
}

/** An axis from 0 to `max` or a little more, in about four steps of 1, 2 or 5 times a power of ten. */
export function scaleTo(max: number, { whole = false } = {}): Scale {
  const most = max > 0 ? max : 1;
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const step = whole ? Math.max(1, nice) : nice;
  const steps = Math.ceil(most / step - 1e-9);
  // Multiples of 0.1 are not quite what they look like.
  const tick = (index: number) => Number((index * step).toPrecision(12));
  return { top: tick(steps), ticks: Array.from({ length: steps + 1 }, (_, index) => tick(index)) };
}
