import { describeGalleryGuide } from './gallery-guide.js';

describeGalleryGuide('Alinto Protect', 'alinto-protect', [
  'cloud.cleanmail.com',
  'cloud.cleanmail.eu',
  'cloud.cleanmail.ch',
]);
