import { ApiProperty } from '@nestjs/swagger';

export class FieldProblemDto {
  @ApiProperty({
    description: 'JSON pointer into the body, or query:name, or header:Name',
    example: '/applicant/name',
  })
  pointer!: string;
  @ApiProperty({ example: 'bắt buộc phải có' })
  detail!: string;
}

/** RFC 9457. Further members are named by the type. */
export class ProblemDto {
  @ApiProperty({ example: '/api/problems/invalid-request' })
  type!: string;
  @ApiProperty({ example: 'Yêu cầu không hợp lệ' })
  title!: string;
  @ApiProperty({ type: 'integer', example: 400 })
  status!: number;
  @ApiProperty({ example: 'Có trường chưa đúng; xem danh sách lỗi và sửa từng trường.' })
  detail!: string;
  @ApiProperty({ description: 'Correlation id of the request.', example: 'req-1' })
  instance!: string;
  @ApiProperty({ type: () => FieldProblemDto, isArray: true, required: false })
  errors?: FieldProblemDto[];
}
