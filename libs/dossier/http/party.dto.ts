import { Text, Whole } from '#libs/http/fields.decorator.js';

export class PartyDto {
  @Text({
    max: 300,
    description: 'Full name of the person or organisation.',
    example: 'Công ty TNHH Ánh Dương',
  })
  name!: string;
  @Text({
    max: 50,
    optional: true,
    description: 'Number of identity card, passport or enterprise.',
    example: '0101234567',
  })
  idNumber?: string;
  @Text({ max: 50, optional: true, example: '0912 345 678' })
  phone?: string;
  @Text({ max: 254, optional: true, example: 'lienhe@example.vn' })
  email?: string;
  @Text({ max: 500, optional: true, example: 'Lô A1, Khu công nghiệp Đồng Văn' })
  address?: string;
}

export class PaperDto {
  @Text({ max: 500, example: 'Văn bản đề nghị thực hiện dự án đầu tư' })
  name!: string;
  @Whole({ max: 1000, example: 1 })
  originals!: number;
  @Whole({ max: 1000, example: 0 })
  copies!: number;
}
