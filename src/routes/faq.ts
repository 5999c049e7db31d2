import { Router } from 'express';

/** GET /faq: what a customer wants to know before pressing Connect. Twilio asks every Connect App to have one. */
export function faqRoutes(): Router {
  const router = Router();
  router.get('/faq', (_req, res) => res.render('faq'));
  return router;
}
