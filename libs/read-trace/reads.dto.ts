import { ApiProperty } from '@nestjs/swagger';
import { nullableText } from '#libs/http/nullable.js';
import { READ_KINDS } from './read-trace.js';

class ReadDto {
  @ApiProperty({ type: 'integer', description: 'From 1, without gaps.', example: 12 })
  number!: number;
  @ApiProperty({ type: 'string', format: 'date-time', example: '2024-03-11T02:00:00.000Z' })
  at!: string;
  @ApiProperty({ example: 'official-7' })
  account!: string;
  @ApiProperty({ description: 'How it was proven who that is.', example: 'session' })
  by!: string;
  @ApiProperty(nullableText({ description: 'Account that lent the right.', example: null }))
  onBehalfOf!: string | null;
  @ApiProperty({ type: String, enum: [...READ_KINDS], example: 'page' })
  how!: string;
  @ApiProperty({ example: 'GET /api/dossiers/:code' })
  route!: string;
  @ApiProperty({ type: String, isArray: true, description: 'Whose personal data was shown.' })
  dossiers!: string[];
  @ApiProperty(nullableText({ description: 'As the reader gave it.', example: null }))
  reason!: string | null;
  @ApiProperty({ description: 'There was a reason; it was erased with the person whom it may name.' })
  reasonErased!: boolean;
  @ApiProperty({ description: 'There is a reason; it cannot be read, though nobody erased it.' })
  reasonDamaged!: boolean;
  @ApiProperty({ example: '0b6f2f0e-1111-4222-8333-444455556666' })
  correlationId!: string;
  @ApiProperty({ description: 'Chained to the entry before it.', example: 'a3f1…' })
  hash!: string;
}

/** `ReadsPage`, as the API documents it. */
export class ReadsPageDto {
  @ApiProperty({ type: () => ReadDto, isArray: true })
  items!: ReadDto[];
  @ApiProperty(nullableText({ description: 'Cursor of the next page; null on the last.' }))
  next!: string | null;
}
