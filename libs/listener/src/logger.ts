import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

/** Fields that must never be written, whatever object reaches the log. */
const secretFields = [
  'authorization',
  'token',
  'credential',
  'password',
  'secret',
  'secretHash',
  'adminKey',
  'tokenPepper',
  'client_secret',
  'clientSecret',
  'access_token',
  'accessToken',
];

/** The process's logger: one JSON line an entry on standard output, with secret fields removed. */
export function createLogger(level: string): Logger {
  const paths = secretFields.flatMap((field) => [field, `*.${field}`]);
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: [...paths, 'req.headers', 'err.config'], censor: '[redacted]' },
    serializers: { err: serializeError },
  });
}

/** Nest's own messages, as lines of the same logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    if (rest.at(-1) === 'NestApplication') {
      // Nest tells of a port that it cannot bind and throws as well; whoever started it says it better.
      this.debug(message, 'NestApplication');
      return;
    }
    const fields = message instanceof Error ? { context: rest.at(-1), err: message } : { context: rest.at(-1) };
    this.logger.error(fields, message instanceof Error ? 'unexpected error' : String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  debug(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  verbose(message: unknown, context?: string): void {
    this.logger.trace({ context }, String(message));
  }

  fatal(message: unknown, context?: string): void {
    this.logger.fatal({ context }, String(message));
  }
}

/** An error's name, code and stack: a driver's message holds SQL and values of the request, so it stays out. */
function serializeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) {
    return { name: 'Error' };
  }
  const { code, errno } = error as { readonly code?: unknown; readonly errno?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return {
    name: error.name,
    code,
    errno,
    stack: frames.join('\n'),
    ...(error.cause instanceof Error ? { cause: serializeError(error.cause) } : {}),
  };
}
