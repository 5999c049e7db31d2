import { Router } from 'express';

/**
 * GET /faq: what a customer wants to know before pressing Connect; the Connect button's page leads here. Twilio asks
 * every Connect App to have such a page, and that it says an upgraded account is needed:
 * https://www.twilio.com/docs/iam/connect
 */
export function faqRoutes(): Router {
  const router = Router();
  router.get('/faq', (_req, res) => res.render('faq'));
  return router;
}
