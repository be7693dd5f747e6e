// After an install: compile, so that the command line is there, and set the commit hooks where there is a repository.
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('tsconfig.build.json') && existsSync('node_modules/@nestjs/cli')) {
  execSync('npm run -s build', { stdio: 'inherit' });
}
if (existsSync('.git') && existsSync('node_modules/husky')) {
  execSync('npx husky', { stdio: 'ignore' });
}
