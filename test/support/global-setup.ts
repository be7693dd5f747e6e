import { join } from 'node:path';
import { tmpdir } from 'node:os';

/**
 * Names the folder of this run's database cluster; the first test that wants a database makes and starts it, so that
 * specs of pure code wait for none. Jest loads this file outside its module system: it imports nothing of the product.
 */
export default function globalSetup(): void {
  process.env['MOTCUA_TEST_DATA'] = join(tmpdir(), `motcua-test-${process.pid}`);
}
