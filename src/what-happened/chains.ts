import { randomUUID } from 'node:crypto';
import type { Step } from './steps.ts';

/** Keeps the steps of a redirect until the browser asks for the page that it leads to. */
export interface Chains {
  /** Keeps steps that lead to an address of ours, told by its digest. Gives the id by which that page finds them. */
  keep(leadsTo: string, steps: readonly Step[]): string;
  /** The steps that led to the address with this digest, once. */
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
 * In the memory of this process only. A browser has one chain at a time, and its next request takes it. So of two tabs
 * that are redirected at the same moment one or both find no steps, or, if they lead to the same address, the other's. It is
 * the same visitor's in any case, and nothing but the panel depends on it.
 */
export function keepChains(now: () => number): Chains {
  const chains = new Map<string, Chain>();
  return {
    keep(leadsTo, steps) {
      const id = randomUUID();
      const until = now() + KEPT_MS;
      chains.set(id, { leadsTo, steps: steps.slice(-LONGEST), until });
      // A Map keeps the order of arrival: the oldest go first.
      for (const [key, chain] of chains) {
        if (chain.until <= now() || chains.size > AT_MOST) chains.delete(key);
      }
      return id;
    },
    take(id, address) {
      const chain = chains.get(id);
      chains.delete(id);
      const fits = chain && chain.until > now() && chain.leadsTo === address;
      return fits ? chain.steps : [];
    },
  };
}
