import { Router } from 'express';
import { newestPage, readFilters, readPageRequest } from '../calls/filters.ts';
import { listCalls } from '../calls/list.ts';
import { callsView } from '../calls/view.ts';
import type { Deps } from '../deps.ts';
import { requireUser } from '../session.ts';
import type { AccountDirectory } from '../twilio/account-directory.ts';
import { callsOpener } from './open-calls.ts';

/**
 * GET /calls: the customer's calls, what they connected their account for. open-calls.ts finds the account that is
 * wanted and makes the client for it, as (the AccountSid that was authorized, our own Auth Token); here we ask it for
 * one page of calls: https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources
 */
export function callsRoutes(deps: Deps, directory: AccountDirectory): Router {
  const router = Router();
  const open = callsOpener(deps, directory);

  const calls = requireUser(async (req, res, user) => {
    const filters = readFilters(req.query);
    const pageRequest = readPageRequest(req.query);
    const opened = await open(req, res, user, ({ client, accountSid, which }) =>
      listCalls(client, accountSid, filters, which ? newestPage(pageRequest) : pageRequest),
    );
    if (opened) res.render('calls', callsView(opened, filters, pageRequest.size));
  });

  router.get('/calls', calls);
  return router;
}
