import { type ArgumentMetadata, type PipeTransform, ValidationPipe } from '@nestjs/common';
import { invalidRequest, invalidQuery } from '#libs/http/validation.js';
import { Problem } from '#libs/problem/problem.js';

const STRICT = { transform: true, whitelist: true, forbidNonWhitelisted: true } as const;

/** Members that all objects have: what turns bodies into classes passes over them without a word. */
const COMMON = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/** Checks bodies and queries against their classes; what their classes do not name is refused. */
export class RequestPipe implements PipeTransform {
  private readonly bodies = new ValidationPipe({ ...STRICT, exceptionFactory: invalidRequest });
  private readonly queries = new ValidationPipe({ ...STRICT, exceptionFactory: invalidQuery });

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const inQuery = metadata.type === 'query';
    const common = commonIn(value, inQuery ? 'query:' : '/');
    if (common.length > 0) {
      const fields = common.map((pointer) => ({ pointer, rule: 'unknownField' }));
      throw new Problem('invalid-request', {}, fields);
    }
    return (inQuery ? this.queries : this.bodies).transform(value, metadata);
  }
}

/** Where in it such members stand; bodies are nested a few levels only (`guardBodies`). */
function commonIn(value: unknown, before: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    ...(COMMON.has(name) ? [before + name] : []),
    ...commonIn(member, `${before}${name.replaceAll('~', '~0').replaceAll('/', '~1')}/`),
  ]);
}
