/** The program of the page that judges captures, and of its worker. */

import { showJudging } from './judge-page.ts';
import { judgeAnswer } from './judging.ts';
import { beWorker } from './worker.ts';

if (typeof document === 'undefined') beWorker(judgeAnswer);
else showJudging();
