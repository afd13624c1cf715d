/** A revision of one's own: M1 is chosen without looking at sync requests that were sent before. */
import { messageIdSync, type Revision, rfc6311, scenarios } from '../../model/index.ts';
import { check, settingsWith } from '../../src/index.ts';

const mine: Revision = {
  ...rfc6311,
  name: 'mine',
  counterSync: { ...messageIdSync, lowestM1: (sa) => sa.expectedSend },
};

for (const scenario of scenarios) {
  const settings = settingsWith(scenario.sizes.small, ['requests=1', 'bump=1'], mine);
  const { verdict, properties } = await check({ revision: mine, scenario, size: 'small', settings });
  const broken = properties.filter((property) => property.verdict === 'violated').map(({ id }) => id);
  console.log(`${scenario.name}: ${verdict} ${broken.join(', ')}`.trim());
}
