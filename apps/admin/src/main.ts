import { readConfiguration } from '@cleanmail/config';
import { runProcess } from '@cleanmail/listener';
import { startAdmin } from './start-admin.js';

await runProcess(
  () => startAdmin(readConfiguration()),
  ({ urls }) => `The admin listener answers at ${urls.join()}\n`,
);
