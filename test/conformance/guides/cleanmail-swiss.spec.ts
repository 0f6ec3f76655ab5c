import { describeGalleryGuide } from './gallery-guide.js';

describeGalleryGuide('Cleanmail Swiss', 'cleanmail', ['cloud.cleanmail.ch']);
