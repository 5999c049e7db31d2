import { analytics } from './measure/analytics.ts';
import { connections } from './measure/connections.ts';
import { cpu } from './measure/cpu.ts';
import { csv } from './measure/csv.ts';
import { csvMemory } from './measure/csv-memory.ts';
import { firstRow } from './measure/first-row.ts';
import { home } from './measure/home.ts';
import { instances } from './measure/instances.ts';
import { myApp } from './measure/my-app.ts';
import { requests } from './measure/requests.ts';
import { sameRows } from './measure/same-rows.ts';
import { sandboxSize } from './measure/sandbox-size.ts';
import { smallRead } from './measure/small-read.ts';
import { start } from './measure/start.ts';
import { wholeRead } from './measure/whole-read.ts';
import type { Measurement } from './measurement.ts';

/** The table, row by row. */
export const measurements: readonly Measurement[] = [
  firstRow,
  sameRows,
  wholeRead,
  smallRead,
  requests,
  cpu,
  csv,
  csvMemory,
  analytics,
  connections,
  myApp,
  instances,
  home,
  start,
  sandboxSize,
];
