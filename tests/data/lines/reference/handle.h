#pragma once
int handle(void);
