import type { LoggerService } from '@nestjs/common';
import { errorFields, type Logger } from '#libs/telemetry/logger.adapter.js';

/** What Nest says goes where our own lines go; that it is running, only for those who want details. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...more: unknown[]): void {
    this.write('debug', message, more);
  }

  debug(message: unknown, ...more: unknown[]): void {
    this.write('debug', message, more);
  }

  verbose(message: unknown, ...more: unknown[]): void {
    this.write('trace', message, more);
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.write('warn', message, more);
  }

  error(message: unknown, ...more: unknown[]): void {
    this.write('error', message, more);
  }

  fatal(message: unknown, ...more: unknown[]): void {
    this.write('fatal', message, more);
  }

  /** Nest puts the context last, and a stack before it; errors are told without their words. */
  private write(
    level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal',
    message: unknown,
    more: readonly unknown[],
  ): void {
    const last = more.at(-1);
    const context = typeof last === 'string' && !last.includes('\n') ? last : 'Nest';
    const error = [message, ...more].find((part) => part instanceof Error);
    if (error) this.logger[level]({ context, ...errorFields(error) }, 'unexpected error');
    else if (typeof message === 'string' && level !== 'error' && level !== 'fatal') {
      this.logger[level]({ context }, message.split('\n', 1)[0] ?? '');
    } else this.logger[level]({ context }, 'unexpected error');
  }
}
