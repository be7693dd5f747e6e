import { Code, Instant, Part, Parts } from '#libs/http/fields.decorator.js';
import { PaperDto, PartyDto } from './party.dto.js';

/** What every dossier comes with, however it comes in. */
export class OpeningBody {
  @Code({ description: 'Unit that takes it in; first part of the code.', example: 'H54.12' })
  unit!: string;
  @Code({ description: 'Code of the procedure.', example: '1.009664' })
  procedure!: string;
  @Code({
    optional: true,
    description: 'Case of the procedure that decides the limit; default: `default`.',
    example: 'default',
  })
  case: string = 'default';
  @Part(() => PartyDto, { description: 'Whose dossier it is.' })
  applicant!: PartyDto;
  @Part(() => PartyDto, { optional: true, description: 'Who brought it, if somebody else.' })
  submitter?: PartyDto;
  @Parts(() => PaperDto, { optional: true, description: 'Papers handed in.' })
  papers?: PaperDto[];
  @Code({
    optional: true,
    description: 'Code of the earlier dossier that this one continues.',
    example: 'H54.12-240110-0003',
  })
  formerCode?: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}
