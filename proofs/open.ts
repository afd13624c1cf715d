/** Properties that have no proof for all numbers, and what one lacks. Exploration speaks of them, within bounds. */

export interface OpenProperty {
  /** Id of the property of the model. */
  readonly property: string;
  /** What a proof lacks. */
  readonly lacks: string;
}

/** In the order of the model; one for each property that there is no theorem of. */
export const openProperties: readonly OpenProperty[] = [
  {
    property: 'esp-gets-through',
    lacks:
      'it compares the ESP counters of both ends where they are in step, and so needs how far the windows of the cluster were moved up against how far the peer was asked to move on, over several failovers: no clause says that yet',
  },
  {
    property: 'child-sas-agree',
    lacks:
      'it compares the ends where they are in step, and so needs what each knows of the Child SAs of the other across rekeyings, which no world that is looked at has',
  },
  {
    property: 'esp-finds-its-sa',
    lacks: 'it is about Child SAs that were rekeyed, and no world that is looked at has rekeyings',
  },
  {
    property: 'recovery-fair',
    lacks:
      'it speaks of every fair run, and not of one that somebody chooses: it takes a measure that no step brings up; and as the text stands a member need never be answered, since a sync request that is sent again is dropped (F-11)',
  },
];
