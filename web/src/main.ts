import { mount } from 'svelte'
import './app.css'
import App from './App.svelte'
import { app } from './lib/store.svelte'
import { applyTheme } from './lib/theme'

applyTheme()
void app.start()
const target = document.getElementById('app')
if (target) mount(App, { target })
