create sequence gone;
