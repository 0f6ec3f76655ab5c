import { readConfiguration } from '@cleanmail/config';
import { runProcess } from '@cleanmail/listener';
import { startScim } from './start-scim.js';

await runProcess(
  () => startScim(readConfiguration()),
  ({ urls }) => `The SCIM listener answers at ${urls.join()}\n`,
);
