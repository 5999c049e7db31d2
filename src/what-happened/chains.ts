import { createHash, randomUUID } from 'node:crypto';
import type { Step } from './steps.ts';

/** Keeps the steps of a redirect until the browser asks for the page that it leads to. */
export interface Chains {
  /** Keeps steps that lead to an address of ours. Gives the id by which that page finds them. */
  keep(leadsTo: string, steps: readonly Step[]): string;
  /** The steps that led to this address, once. */
  take(id: string, address: string): readonly Step[];
}

interface Chain {
  leadsTo: string;
  steps: readonly Step[];
  until: number;
}

export const KEPT_MS = 60_000;
const AT_MOST = 50;
const LONGEST = 8;

/**
 * In the memory of this process only. A browser has one chain at a time, and the next request takes it: if two tabs
 * are redirected at the same moment, one of them, or both, finds no steps. It never shows the other's, since the address does
 * not fit, and nothing but the panel depends on it.
 */
export function keepChains(now: () => number): Chains {
  const chains = new Map<string, Chain>();
  return {
    keep(leadsTo, steps) {
      const id = randomUUID();
      const until = now() + KEPT_MS;
      chains.set(id, { leadsTo: digest(leadsTo), steps: steps.slice(-LONGEST), until });
      // A Map keeps the order of arrival: the oldest go first.
      for (const [key, chain] of chains) {
        if (chain.until <= now() || chains.size > AT_MOST) chains.delete(key);
      }
      return id;
    },
    take(id, address) {
      const chain = chains.get(id);
      chains.delete(id);
      const fits = chain && chain.until > now() && chain.leadsTo === digest(address);
      return fits ? chain.steps : [];
    },
  };
}

// An address may hold a state or a SID; to compare it, its digest will do.
function digest(address: string): string {
  return createHash('sha256').update(address).digest('base64url');
}
