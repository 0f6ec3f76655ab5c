import { readRecipientsConfiguration } from '@cleanmail/config';
import { runProcess } from '@cleanmail/listener';
import { recipientsBanner, startRecipients } from './start-recipients.js';

const configuration = readRecipientsConfiguration();
await runProcess(
  () => startRecipients(configuration),
  (running) => recipientsBanner(configuration, running),
);
