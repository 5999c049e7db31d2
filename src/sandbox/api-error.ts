import type { ErrorRequestHandler, Response } from 'express';

/** An error as Twilio's API tells it. https://www.twilio.com/docs/usage/twilios-response */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  readonly detail: string | undefined;

  constructor(status: number, code: number, message: string, detail?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

export function notFound(path: string): ApiError {
  return new ApiError(404, 20404, `The requested resource ${path} was not found`);
}

/** A choice of ours: Twilio documents the code, not when this API uses it. */
export function invalidParameter(name: string): ApiError {
  return new ApiError(400, 20001, `Invalid parameter: ${name}`);
}

export const apiErrors: ErrorRequestHandler = (error, _req, res: Response, next) => {
  if (!(error instanceof ApiError)) return next(error);
  if (error.status === 401) res.set('WWW-Authenticate', 'Basic realm="Twilio API"');
  return res.status(error.status).json({
    code: error.code,
    ...(error.detail && { detail: error.detail }),
    message: error.message,
    more_info: `https://www.twilio.com/docs/errors/${error.code}`,
    status: error.status,
  });
};
