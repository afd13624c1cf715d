/** The program of the page, and of its worker: which of the two it is, it sees by whether there is a page. */

import { answer } from '../answer.ts';
import { showPage } from './page.ts';
import { beWorker } from './worker.ts';

if (typeof document === 'undefined') beWorker(answer);
else showPage();
