// Import this first, so that the clock is set before the writer reads the request.
import './virtual-clock.ts';
import '../../integration/log/writer.ts';
