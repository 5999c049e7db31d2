import { STATUS_CODES } from 'node:http';
import type { Request } from 'express';
import { EXPLANATIONS, explainInGeneral, UNEXPLAINED } from './explanations.ts';
import type { CollectedRequests } from './requests.ts';
import { CONNECT, type TwilioPage } from './twilio-pages.ts';

/** One request of the browser, as the panel shows it. Holds no value that came with it. */
export interface Step extends CollectedRequests {
  asked: string;
  answer: string;
  says: string;
  file: string;
  about: TwilioPage;
}

/** `to`: the path that the answer sends the browser to, if it does. */
export function describeStep(
  req: Request,
  status: number,
  collected: CollectedRequests,
  to?: string,
): Step {
  const route: string | undefined = req.route && `${req.method} ${req.route.path}`;
  const parameters = Object.keys(req.query);
  const outcome = { status, to, parameters, asked: collected.requests.length };
  const explanation = EXPLANATIONS[route ?? ''] ?? UNEXPLAINED;
  return {
    asked: route ? route + queryOf(parameters) : `${req.method} …`,
    answer: `${status} ${STATUS_CODES[status] ?? ''}`,
    says: explainInGeneral(route, outcome) ?? explanation.says(outcome),
    file: explanation.file,
    about: explanation.about ?? CONNECT,
    ...collected,
  };
}

// The names alone, and of those only what can be no secret.
function queryOf(parameters: readonly string[]): string {
  const named = parameters
    .slice(0, 8)
    .map((name) => (/^[a-z-]{1,20}$/i.test(name) ? `${name}=…` : '…'));
  return named.length > 0 ? `?${named.join('&')}` : '';
}
