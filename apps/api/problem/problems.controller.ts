import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Public } from '#libs/access/http/action.decorator.js';
import type { ProblemText } from '#libs/problem/catalogue/entry.js';
import { PROBLEMS } from '#libs/problem/catalogue.js';
import { Problem } from '#libs/problem/problem.js';

class WordsDto {
  @ApiProperty({ example: 'Thiếu If-Match' })
  vi!: string;
  @ApiProperty({ example: 'If-Match is missing' })
  en!: string;
}

class ProblemTextDto {
  @ApiProperty({ example: 'precondition' })
  kind!: string;
  @ApiProperty({ type: () => WordsDto })
  title!: WordsDto;
  @ApiProperty({ type: () => WordsDto, description: 'Members of the problem stand in braces.' })
  detail!: WordsDto;
}

/** Where the `type` of a problem leads: what it means and how to mend it. */
@Controller('api/problems')
@ApiTags('problems')
export class ProblemsController {
  @Get(':type')
  @Public()
  @ApiOperation({ summary: 'What a type of problem means and how to mend it.' })
  @ApiParam({ name: 'type', example: 'if-match-missing' })
  @ApiOkResponse({ type: ProblemTextDto })
  @ProblemResponses(404)
  get(@Param('type') type: string): ProblemText {
    const text = Object.hasOwn(PROBLEMS, type) ? PROBLEMS[type] : undefined;
    if (!text) throw new Problem('not-found');
    return text;
  }
}
