import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';

const MAX = 512;

/** A password or a token: as it was typed, neither trimmed nor composed. */
export const SecretField = ({ example }: { example: string }): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: String, minLength: 1, maxLength: MAX, format: 'password', example }),
    IsString(),
    MinLength(1, { context: { min: 1 } }),
    MaxLength(MAX, { context: { max: MAX } }),
  );
