import type { ErrorRequestHandler, Response } from 'express';
import { FieldError } from './field-error.ts';

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

export function unauthenticated(): ApiError {
  return new ApiError(401, 20003, 'Authenticate');
}

export function forbidden(): ApiError {
  return new ApiError(403, 20403, 'Forbidden');
}

/** A choice of ours: that the method is not allowed is documented, the code that goes with it is not. */
export function methodNotAllowed(): ApiError {
  return new ApiError(405, 20004, 'Method not allowed');
}

export function notFound(path: string): ApiError {
  return new ApiError(404, 20404, `The requested resource ${path} was not found`);
}

/** A choice of ours: Twilio documents the code, not when this API uses it. */
export function invalidParameter(name: string): ApiError {
  return new ApiError(400, 20001, `Invalid parameter: ${name}`);
}

/** A choice: what cannot even be read, such as a path with half a % in it, is a bad request. */
function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof FieldError) return invalidParameter(error.field);
  const status = Number((error as { status?: unknown } | null)?.status) || 500;
  return status < 500
    ? new ApiError(status, 20001, 'Bad request')
    : new ApiError(500, 20500, 'An internal server error has occurred');
}

export const apiErrors: ErrorRequestHandler = (thrown, _req, res: Response, next) => {
  if (res.headersSent) return next(thrown);
  const error = toApiError(thrown);
  if (error.status === 401) res.set('WWW-Authenticate', 'Basic realm="Twilio API"');
  return res.status(error.status).json({
    code: error.code,
    ...(error.detail && { detail: error.detail }),
    message: error.message,
    more_info: `https://www.twilio.com/docs/errors/${error.code}`,
    status: error.status,
  });
};
