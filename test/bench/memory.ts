import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const EVERY_MS = 50;

/** How much memory a process holds at the most while `work` goes on, in MB. */
export async function peakWhile(pid: number, work: () => Promise<unknown>): Promise<number> {
  let peak = residentMb(pid);
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMb(pid));
  }, EVERY_MS);
  await work().finally(() => clearInterval(timer));
  return Math.max(peak, residentMb(pid));
}

/** How much memory a process holds now, in MB. */
export function residentMb(pid: number): number {
  const kb =
    process.platform === 'linux'
      ? /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Math.round(Number(kb) / 1024);
}
