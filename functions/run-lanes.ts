import { laneTimers } from '../shared/features/lanes/lane-timers.ts';
import { serveLanes } from '../shared/transport/lanes.ts';

export const handler = serveLanes(laneTimers([]));
