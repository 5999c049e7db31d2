import type { RequestHandler } from 'express';

/** Refuses a form that another site sends in a visitor's name. A request with neither header is no browser's. */
export function ownForms(origin: string): RequestHandler {
  return (req, res, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return next();
    const site = req.get('Sec-Fetch-Site');
    const from = req.get('Origin');
    const ours = site
      ? site === 'same-origin' || site === 'none'
      : from === undefined || from === origin;
    if (ours) return next();
    return res.status(403).render('problem', {
      title: 'That form came from another site',
      message: `Nothing was changed. Open ${origin} and send the form from there.`,
    });
  };
}
