import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where the page of bull-board is. */
export const BOARD_UI = dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json'));
/** Its styles, scripts and words. */
export const BOARD_FILES = join(BOARD_UI, 'dist/static');
