import { toFetchHandler } from '../../../../../lib'; // 'sallyport' in a project of yours
import { gateway } from '../../../gateway';

const handle = toFetchHandler(gateway);
export { handle as GET, handle as POST };
