// First, so that the clock is set before the request is looked at.
import './virtual-clock.ts';
import '../../integration/log/writer.ts';
