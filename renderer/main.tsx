/** Entry of the window: theme first, so that nothing flashes, then the stores, then the view. */
import './zod-without-eval';
import './styles/index.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { followAppearance } from './app/theme';
import { connectStores } from './bridge/connect-stores';

followAppearance();
connectStores();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
