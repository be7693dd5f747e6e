import { type ArgumentMetadata, type PipeTransform, ValidationPipe } from '@nestjs/common';
import { invalidRequest, invalidQuery } from '#libs/http/validation.js';

const STRICT = { transform: true, whitelist: true, forbidNonWhitelisted: true } as const;

/** Checks bodies and queries against their classes; what their classes do not name is refused. */
export class RequestPipe implements PipeTransform {
  private readonly bodies = new ValidationPipe({ ...STRICT, exceptionFactory: invalidRequest });
  private readonly queries = new ValidationPipe({ ...STRICT, exceptionFactory: invalidQuery });

  transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const pipe = metadata.type === 'query' ? this.queries : this.bodies;
    return pipe.transform(value, metadata);
  }
}
